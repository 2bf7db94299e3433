using System.Globalization;

namespace Resilience;

/// <summary>The kinds of <see cref="ChaosInjection"/>.</summary>
internal static class Injections
{
    internal sealed class Latency(TimeSpan latency, Func<ChaosCall, TimeSpan>? generator) : ChaosInjection
    {
        internal override bool IsForeign => generator is not null;

        public override string ToString() => generator is null ? $"latency of {DurationText.Of(latency)}" : "generated latency";

        internal override Entry Inject(ref CallFrame frame)
        {
            var wait = generator is null ? latency : generator(new ChaosCall(ref frame));
            if (wait <= TimeSpan.Zero)
            {
                return Entry.Go;
            }

            frame.WaitAsCallee(wait);
            return Entry.Wait;
        }
    }

    internal sealed class Fault(Func<ChaosCall, Exception?> generator) : ChaosInjection
    {
        public override string ToString() => "fault";

        internal override Entry Inject(ref CallFrame frame)
        {
            if (generator(new ChaosCall(ref frame)) is not { } exception)
            {
                return Entry.Go;
            }

            frame.Fail(exception);
            return Entry.Finish;
        }
    }

    internal sealed class Behaviour(Func<ChaosCall, ValueTask> behaviour) : ChaosInjection
    {
        public override string ToString() => "behaviour";

        internal override Entry Inject(ref CallFrame frame)
        {
            var task = behaviour(new ChaosCall(ref frame));
            if (task.IsCompletedSuccessfully)
            {
                task.GetAwaiter().GetResult();
                return Entry.Go;
            }

            frame.WaitFor(task);
            return Entry.Wait;
        }
    }

    internal sealed class Ending<T>(Func<ChaosCall, Outcome<T>> generator) : ChaosInjection
    {
        internal override Type ResultType => typeof(T);

        public override string ToString() => "outcome";

        internal Outcome<T> Make(ref CallFrame frame) => generator(new ChaosCall(ref frame));
    }

    internal sealed class Weighted : ChaosInjection
    {
        private readonly (double Weight, ChaosInjection Injection)[] _choices;
        private readonly double _sum;

        internal Weighted((double Weight, ChaosInjection Injection)[] choices)
        {
            _choices = [.. choices];
            foreach (var (weight, injection) in _choices)
            {
                ArgumentNullException.ThrowIfNull(injection, nameof(choices));
                if (!(weight >= 0 && double.IsFinite(weight)))
                {
                    throw new ArgumentOutOfRangeException(
                        nameof(choices),
                        string.Create(CultureInfo.InvariantCulture, $"A weight is {weight}: it must be finite and at least 0."));
                }

                _sum += weight;
            }

            if (!(_sum > 0 && double.IsFinite(_sum)))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"The weights add up to {_sum}: the sum must be finite and above 0."),
                    nameof(choices));
            }

            ResultType = Injections.ResultType(_choices.Select(choice => choice.Injection));
        }

        internal override Type? ResultType { get; }

        internal override bool IsForeign => _choices.Any(choice => choice.Injection.IsForeign);

        public override string ToString() => string.Join(", ", _choices.Select(choice =>
            string.Create(CultureInfo.InvariantCulture, $"{choice.Weight / _sum * 100:0.##} % {choice.Injection}")));

        internal override ChaosInjection? Pick(ref CallFrame frame, RandomSource random)
        {
            var draw = random.NextDouble() * _sum;
            var last = 0;
            for (var i = 0; i < _choices.Length; i++)
            {
                if (_choices[i].Weight == 0)
                {
                    continue;
                }

                last = i;
                draw -= _choices[i].Weight;
                if (draw < 0)
                {
                    break;
                }
            }

            // Rounding may leave a remainder after the last.
            return _choices[last].Injection.Pick(ref frame, random);
        }
    }

    internal sealed class Chosen : ChaosInjection
    {
        private readonly Func<ChaosCall, int> _generator;
        private readonly ChaosInjection[] _choices;

        internal Chosen(Func<ChaosCall, int> generator, ChaosInjection[] choices)
        {
            _generator = generator;
            _choices = [.. choices];
            Array.ForEach(_choices, choice => ArgumentNullException.ThrowIfNull(choice, nameof(choices)));
            if (_choices.Length == 0)
            {
                throw new ArgumentException("There is nothing to choose from: give at least one injection.", nameof(choices));
            }

            ResultType = Injections.ResultType(_choices);
        }

        internal override Type? ResultType { get; }

        public override string ToString() => $"one of: {string.Join<ChaosInjection>(", ", _choices)}";

        internal override ChaosInjection? Pick(ref CallFrame frame, RandomSource random)
        {
            var chosen = _generator(new ChaosCall(ref frame));
            if (chosen >= _choices.Length)
            {
                throw new InvalidOperationException(
                    $"The generator chose {chosen}: it must be below {_choices.Length}, the number of choices.");
            }

            return chosen < 0 ? null : _choices[chosen].Pick(ref frame, random);
        }
    }

    private static Type? ResultType(IEnumerable<ChaosInjection> choices)
    {
        var types = choices.Select(choice => choice.ResultType).OfType<Type>().Distinct().ToArray();
        return types.Length <= 1
            ? types.FirstOrDefault()
            : throw new ArgumentException($"The choices give results of {types[0].Name} and of {types[1].Name}: they must be of one type.");
    }
}
