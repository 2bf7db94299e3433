using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>How the attempt ends: its outcome, what that means, and what the race is told.</content>
internal sealed partial class AttemptCall<TCall, T>
{
    private void Finish(Exception? failed)
    {
        var frame = new CallFrame(_attempt!, _number, _ownExtras);
        frame.Source = _source;
        frame.Phase = CallPhase.Started;
        var result = default(T?);
        try
        {
            if (failed is not null)
            {
                Fail(ref frame, ref result, failed);
            }
            else
            {
                _call.Finish(ref frame, ref result);
                frame.Phase = CallPhase.Leaving;
                Settlement.Settle(ref frame, ref result);
            }
        }
        catch (Exception exception)
        {
            Fail(ref frame, ref result, exception);
        }

        End(ref frame, result);
    }

    private void End(ref CallFrame frame, T? result)
    {
        var attempt = _attempt!;
        _attempt = null;
        _source = null;
        _flow = null;
        _call = default;
        attempt.Outcome = new Outcome<T>(result, frame.Fault);
        frame.End();
    }

    // The callback threw, or the classifier did.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fail(ref CallFrame frame, ref T? result, Exception exception)
    {
        Settlement.Catch(ref frame, ref result, exception);
        if (frame.Phase != CallPhase.Failed)
        {
            return;
        }

        frame.Phase = CallPhase.Leaving;
        try
        {
            Settlement.Settle(ref frame, ref result);
        }
        catch (Exception classifiers)
        {
            Settlement.Catch(ref frame, ref result, classifiers);
        }
    }
}
