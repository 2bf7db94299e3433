namespace Resilience.Caching.Tests;

public sealed class OrdinalKeysTests
{
    [Fact]
    public void WhenFourCharactersNamedTheConstantOfTheStep_WhatStoodBesideThemWasForgotten()
    {
        const string Constant = "\u642F\u78BD\u1D64\uA076";
        var hashes = Enumerable.Range(0, 1_000).Select(static i => OrdinalKeys.Hash($"{Constant}{i:0000}{Constant}{i:0000}a")).Distinct().Count();
        Assert.InRange(hashes, 999, 1_000);
    }

    [Fact]
    public void WhenOneBitOfAKeyChanges_SoDoesItsHash_AtEveryLength()
    {
        for (var length = 1; length <= 100; length++)
        {
            var text = new string('a', length).ToCharArray();
            var hash = OrdinalKeys.Hash(text);
            var same = 0;
            for (var bit = 0; bit < 16 * length; bit++)
            {
                text[bit / 16] ^= (char)(1 << (bit % 16));
                same += OrdinalKeys.Hash(text) == hash ? 1 : 0;
                text[bit / 16] ^= (char)(1 << (bit % 16));
            }

            Assert.InRange(same, 0, 1);
            Assert.Equal(hash, OrdinalKeys.Hash(text));
        }
    }

    [Fact]
    public void WhenKeysDifferByLengthAlone_TheirHashesDiffer() =>
        Assert.InRange(Enumerable.Range(0, 1_000).Select(static length => OrdinalKeys.Hash(new string('\0', length))).Distinct().Count(), 999, 1_000);
}
