using System.Text;

namespace Resilience.Rpc.Tests.Digest;

public sealed class DecimalFormTests
{
    [Theory]
    [InlineData("0", "-0", "0.0", "0e9", "-0.000E-5", "0e99999999999999999999999")]
    [InlineData("1", "1.0", "1e0", "10e-1", "0.1e1", "1.000E+0", "0.0001e0004")]
    [InlineData("-120", "-1.2e2", "-120.0", "-12e1")]
    [InlineData("1e400", "10e399", "0.1e401", "100.0e398")]
    [InlineData("1e999999999999999999", "10e999999999999999998")]
    [InlineData("10.01", "1001e-2", "0.1001e2")]
    public void WhenTheValueIsTheSame_SoIsTheForm(params string[] numbers) => Assert.Single(numbers.Select(Form).Distinct());

    [Fact]
    public void WhenTheValuesDiffer_SoDoTheForms()
    {
        string[] numbers = ["0", "1", "-1", "10", "100", "0.1", "0.01", "1.1", "11", "101", "1e1000", "1e1001", "1e-1000", "-1e1000", "10.01", "1.001"];
        Assert.Equal(numbers.Length, numbers.Select(Form).Distinct().Count());
    }

    [Fact]
    public void WhenTheExponentHasMoreThanEighteenDigits_ThereIsNone() =>
        Assert.Equal("none", Form("1e1000000000000000000"));

    private static string Form(string number)
    {
        var form = new byte[number.Length + DecimalForm.ExtraBytes];
        var written = DecimalForm.Write(Encoding.UTF8.GetBytes(number), form, out var isNegative);
        return written < 0 ? "none" : $"{isNegative} {Convert.ToHexString(form.AsSpan(0, written))}";
    }
}
