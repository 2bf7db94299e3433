namespace Resilience;

/// <summary>The quantile of the standard normal distribution, for probabilities from a half up.</summary>
internal static class NormalQuantile
{
    /// <summary>The z below which a share <paramref name="p"/> of the distribution lies, by bisection.</summary>
    internal static double At(double p)
    {
        double low = 0, high = 10;
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (Above(middle) > 1 - p)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return (low + high) / 2;
    }

    // The share above z: Simpson's rule from 0 to z on the density, 400 steps, good to 1e-10 up to z = 10.
    private static double Above(double z)
    {
        const int Steps = 400;
        var step = z / Steps;
        var sum = 1 + Density(z);
        for (var i = 1; i < Steps; i++)
        {
            sum += Density(i * step) * (i % 2 == 0 ? 2 : 4);
        }

        return 0.5 - (sum * step / 3 / Math.Sqrt(2 * Math.PI));
    }

    private static double Density(double x) => Math.Exp(-x * x / 2);
}
