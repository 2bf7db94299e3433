namespace Resilience;

/// <summary>
/// Marks a <see cref="TimeProvider"/> that is moved by hand. Timeouts and delays that fall due then run on the thread that moves it,
/// so that the time is never ahead of its effects. Any other provider has them dispatched to the thread pool.
/// </summary>
public interface IManualTime;
