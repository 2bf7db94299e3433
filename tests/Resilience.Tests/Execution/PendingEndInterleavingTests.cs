using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Execution;

/// <summary>The end of a call, its subscriber and the delay that moves it, under every schedule; and the same programs with a seeded bug.</summary>
public sealed class PendingEndInterleavingTests
{
    private static readonly (PendingEndBug Bug, string CaughtBy)[] s_seeded =
    [
        (PendingEndBug.MovedWithoutCompareExchange, nameof(Scenario.EndsAsTheDelayIsOver)),
        (PendingEndBug.EndWhileMovingLost, nameof(Scenario.EndsAsTheDelayIsOver)),
        (PendingEndBug.HandedOverAfterTheMove, nameof(Scenario.EndsAsTheDelayIsOver)),
        (PendingEndBug.NotAskedWhileSubscribing, nameof(Scenario.SubscribesAsTheDelayIsOver)),
        (PendingEndBug.SubscriberDoesNotLook, nameof(Scenario.SubscribesAsTheDelayIsOver)),
        (PendingEndBug.SubscribedWithoutCompareExchange, nameof(Scenario.AllAtOnce)),
    ];

    public static TheoryData<string> Programs =>
        [nameof(Scenario.EndsAsTheDelayIsOver), nameof(Scenario.SubscribesAsTheDelayIsOver), nameof(Scenario.AllAtOnce), nameof(Scenario.EndsTwice)];

    public static TheoryData<string, string> Seeded => [.. s_seeded.Select(s => (s.Bug.ToString(), s.CaughtBy))];

    [Theory]
    [MemberData(nameof(Programs))]
    public void WhenSchedulesVary_TheEndIsHeardOnce_ByWhoHasTheCall(string name) =>
        Explore(name, null).MustHold($"pending end: {name}");

    [Theory]
    [MemberData(nameof(Programs))]
    public void WhenTheCopyCarriesNoBug_TheProgramsHoldForItToo(string name) =>
        Explore(name, PendingEndBug.None).MustHold($"pending end: {name}, copy");

    [Theory]
    [MemberData(nameof(Seeded))]
    public void WhenABugIsSeeded_ItsProgramCatchesIt(string bug, string name) =>
        Explore(name, Enum.Parse<PendingEndBug>(bug)).MustFail($"{bug} by {name}");

    private static Exploration Explore(string name, PendingEndBug? bug) => name switch
    {
        nameof(Scenario.EndsAsTheDelayIsOver) => Explorer.Exhaust(2, _ => new Scenario(bug).EndsAsTheDelayIsOver(), bound: 6),
        nameof(Scenario.SubscribesAsTheDelayIsOver) => Explorer.Exhaust(2, _ => new Scenario(bug).SubscribesAsTheDelayIsOver(), bound: 6),
        nameof(Scenario.AllAtOnce) => Explorer.Exhaust(3, _ => new Scenario(bug).AllAtOnce(), bound: 4),
        _ => Explorer.Exhaust(3, _ => new Scenario(bug).EndsTwice(), bound: 4),
    };

    // The product, or the copy with a bug.
    private sealed class Scenario
    {
        private readonly Played _whole = new();
        private readonly Played _part = new();
        private readonly IPendingEnd _end;
        private readonly long _number;
        private int _moves;

        public Scenario(PendingEndBug? bug)
        {
            _end = bug is { } seeded ? new SeededPendingEnd(_whole, seeded) : new ProductPendingEnd(_whole);
            _number = _end.Begin();
        }

        public (Action[] Bodies, Func<bool> Check) EndsAsTheDelayIsOver()
        {
            _end.IsToMove(_number);
            return ([_end.End, Due], () => IsHeardOnce && _moves == (_part.Heard == 1 ? 1 : 0));
        }

        // Nobody ends it: the delay must not be lost, and moves the call once.
        public (Action[] Bodies, Func<bool> Check) SubscribesAsTheDelayIsOver() =>
            ([Subscribe, Due], () => (_moves, _whole.Heard, _part.Heard) == (1, 0, 0));

        public (Action[] Bodies, Func<bool> Check) AllAtOnce() =>
            ([Subscribe, _end.End, Due], () => IsHeardOnce && _moves == (_part.Heard == 1 ? 1 : 0));

        public (Action[] Bodies, Func<bool> Check) EndsTwice()
        {
            _end.IsToMove(_number);
            return ([_end.End, _end.End, Due], () => IsHeardOnce);
        }

        private bool IsHeardOnce => _whole.Heard + _part.Heard == 1;

        private void Subscribe()
        {
            if (_end.IsToMove(_number))
            {
                Move();
            }
        }

        private void Due()
        {
            if (_end.TryMove(_number))
            {
                Move();
            }
        }

        private void Move()
        {
            _moves++;
            _end.HandTo(_part);
            if (_end.HasEndedWhileMoving())
            {
                _part.OnOver();
            }
        }
    }

    private sealed class Played : SuspendedCall
    {
        public int Heard { get; private set; }

        internal override void OnOver() => Heard++;

        internal override void Advance() => throw new InvalidOperationException("It carries no call.");

        internal override void Return() => throw new InvalidOperationException("It has no pool.");
    }

    private sealed class ProductPendingEnd(SuspendedCall call) : IPendingEnd
    {
        private readonly PendingEnd<Explored> _end = new(call);

        public long Begin() => _end.Begin(mayMove: true);

        public void End() => _end.OnOver();

        public bool IsToMove(long number) => _end.IsToMove(number);

        public bool TryMove(long number) => _end.TryMove(number);

        public void HandTo(SuspendedCall part) => _end.HandTo(part);

        public bool HasEndedWhileMoving() => _end.HasEndedWhileMoving();
    }
}
