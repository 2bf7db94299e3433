namespace Resilience.Rpc.Tests.FanOut;

/// <summary>What an endpoint would do if asked: answer with a number below 16, fail, or never answer.</summary>
internal readonly record struct Fate(int Answer)
{
    public static readonly Fate Fails = new(-1);
    public static readonly Fate Hangs = new(-2);

    public bool Answers => Answer >= 0;

    public override string ToString() => Answers ? $"{Answer}" : Answer == -1 ? "fails" : "hangs";
}
