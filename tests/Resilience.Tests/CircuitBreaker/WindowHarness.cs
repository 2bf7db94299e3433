using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>A window with the word that its phase would hold.</summary>
internal sealed class WindowHarness<TWindow>
    where TWindow : struct, IWindow
{
    public TWindow Window;
    public long Word;

    public WindowHarness(TWindow window)
    {
        Window = window;
        Word = window.FirstWord;
    }

    /// <summary>Records as a closed phase does: a success that would change nothing is not recorded.</summary>
    public Tally? Record(bool failed, bool slow = false, long now = 0)
    {
        if (!failed && !slow)
        {
            Explored.Point(1);
            if (TWindow.IsTimed ? now < Math.Abs(Volatile.Read(ref Word)) : Volatile.Read(ref Word) == 0)
            {
                return null;
            }
        }

        return Window.Record(ref Word, failed, slow, now, out var tally) ? tally : null;
    }

    public Tally Read(long now = 0) => Window.Read(ref Word, now, out _);
}
