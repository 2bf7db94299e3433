namespace Resilience.Caching;

/// <summary>Where in the hot set a payload is.</summary>
internal enum HotPlace : byte
{
    None,

    /// <summary>Among those that came last.</summary>
    Fresh,

    /// <summary>Among those that have shown to be used.</summary>
    Main,
}
