using System.Buffers;

namespace Resilience.Rpc;

/// <summary>What is validated: a transaction, a block or an address. Immutable.</summary>
public sealed record RpcSubject
{
    private const int HashDigits = 64;
    private const int AddressDigits = 40;
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdefABCDEF");

    private RpcSubject(SubjectKind kind, string id) => (Kind, Id) = (kind, id);

    /// <summary>Its hash, number or address, hexadecimal.</summary>
    public string Id { get; }

    internal SubjectKind Kind { get; }

    /// <summary>A transaction.</summary>
    /// <param name="hash">0x and 64 hexadecimal digits.</param>
    /// <exception cref="ArgumentException"><paramref name="hash"/> is no hash.</exception>
    public static RpcSubject Transaction(string hash) => new(SubjectKind.Transaction, Checked(hash, HashDigits, nameof(hash)));

    /// <summary>The block that has a hash.</summary>
    /// <param name="hash">0x and 64 hexadecimal digits.</param>
    /// <exception cref="ArgumentException"><paramref name="hash"/> is no hash.</exception>
    public static RpcSubject Block(string hash) => new(SubjectKind.BlockOfHash, Checked(hash, HashDigits, nameof(hash)));

    /// <summary>The block that has a number.</summary>
    /// <param name="number">At least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="number"/> is below 0.</exception>
    public static RpcSubject Block(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        return new(SubjectKind.BlockOfNumber, $"0x{number:x}");
    }

    /// <summary>The state of an address.</summary>
    /// <param name="address">0x and 40 hexadecimal digits.</param>
    /// <exception cref="ArgumentException"><paramref name="address"/> is no address.</exception>
    public static RpcSubject Address(string address) => new(SubjectKind.Address, Checked(address, AddressDigits, nameof(address)));

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        SubjectKind.Transaction => $"transaction {Id}",
        SubjectKind.Address => $"address {Id}",
        _ => $"block {Id}",
    };

    private static string Checked(string text, int digits, string name)
    {
        ArgumentNullException.ThrowIfNull(text, name);
        return text.Length == digits + 2 && text.StartsWith("0x", StringComparison.Ordinal) && !text.AsSpan(2).ContainsAnyExcept(s_digits)
            ? text
            : throw new ArgumentException($"{name} is '{text}'; it must be 0x and {digits} hexadecimal digits.", name);
    }
}
