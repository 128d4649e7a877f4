namespace EdgeAutonomy.Agents;

/// <summary>Draws faults, and makes plans smaller.</summary>
internal static class FaultDraw
{
    private const long Millisecond = 1_000_000;

    public static Fault Draw(RandomStream random, FaultPlanOptions options)
    {
        var kind = options.Kinds[random.NextInt32(options.Kinds.Count)];
        var (from, until) = Window(random, options);
        string client = Client(random, options);
        double p = options.MaxProbability * random.NextDouble();
        var fault = kind switch
        {
            FaultKind.Drop => Fault.Drop(p, Scope(random, options, legalQos: 0), from, until),
            FaultKind.Duplicate => Fault.Duplicate(p, 1 + random.NextInt32(3), Delay(random, options), Scope(random, options, legalQos: 1), from, until),
            FaultKind.Delay => Fault.Delayed(Delay(random, options), Scope(random, options), from, until),
            FaultKind.Reorder => Fault.Reorder(Length(random, options.MaxDelay), Scope(random, options), from, until, !options.LegalOnly && random.NextInt32(2) == 0),
            FaultKind.Partition => Fault.Partition(Groups(random, options), from, until),
            FaultKind.OneWay => OneWay(random, options, from, until),
            FaultKind.Disconnect => Fault.Disconnect(client, (DisconnectMode)random.NextInt32(3), from, until),
            FaultKind.TakeOver => Fault.TakeOver(client, from),
            FaultKind.HubCrash => Fault.HubCrash(options.From + Share(random, from - options.From), from, until),
            FaultKind.HubRestart => Fault.HubRestart(random.NextInt32(2) == 0, from, until),
            FaultKind.ClockJump => Fault.ClockJump(client, Length(random, options.MaxJump) * (random.NextInt32(2) == 0 ? 1 : -1), from),
            FaultKind.SlowConsumer => Fault.SlowConsumer(client, 0.5 + 50 * random.NextDouble(), 1 + random.NextInt32(100), from, until),
            FaultKind.Corrupt => Fault.Corrupt(p, Scope(random, options, legalQos: 0), from, until),
            FaultKind.StaleRetained => Fault.StaleRetained(
                options.Topics.Count > 0 ? options.Topics[random.NextInt32(options.Topics.Count)] : "#", Share(random, from - options.From), from),
            _ => throw new ArgumentOutOfRangeException(nameof(options), kind, "Fault kind is unknown."),
        };
        // Never 0, which stands for a salt by position.
        return fault with { Salt = random.NextUInt64() | 1 };
    }

    /// <summary>Returns smaller variants of one fault, the smallest first.</summary>
    public static IEnumerable<Fault> Shrink(Fault fault)
    {
        long length = (fault.Until - fault.From).Nanoseconds;
        if (length > 100 * Millisecond)
        {
            yield return fault with { Until = fault.From + new Duration(length / 2) };
            var later = fault.From + new Duration(length / 2);
            yield return fault with { From = later };
        }
        if (fault.Probability > 0.05 && fault.Kind is FaultKind.Drop or FaultKind.Duplicate or FaultKind.Corrupt) yield return fault with { Probability = fault.Probability / 2 };
        if (fault.Kind == FaultKind.Duplicate && fault.Copies > 1) yield return fault with { Copies = 1 };
        if (fault.Delay.High.Nanoseconds > 20 * Millisecond)
        {
            yield return fault with { Delay = fault.Delay with { Low = fault.Delay.Low / 2, High = fault.Delay.High / 2 } };
        }
        if (fault.BreakOrder) yield return fault with { BreakOrder = false };
        if (fault.Kind is FaultKind.HubCrash or FaultKind.StaleRetained && (fault.From - fault.RollbackTo).Nanoseconds > 10 * Millisecond)
        {
            yield return fault with { RollbackTo = fault.From - (fault.From - fault.RollbackTo) / 2 };
        }
        if (Math.Abs(fault.Jump.Nanoseconds) > 1000 * Millisecond) yield return fault with { Jump = fault.Jump / 2 };
    }

    private static (Stamp From, Stamp Until) Window(RandomStream random, FaultPlanOptions options)
    {
        var whole = options.Until - options.From;
        var from = options.From + Share(random, whole);
        // Short windows and long ones alike: the square of an even draw.
        var rest = options.Until - from;
        double share = random.NextDouble();
        return (from, from + new Duration((long)(rest.Nanoseconds * share * share)));
    }

    private static Duration Share(RandomStream random, Duration whole) => new((long)(whole.Nanoseconds * random.NextDouble()));

    private static Duration Length(RandomStream random, Duration most) => new(1 + (long)(most.Nanoseconds * random.NextDouble()));

    private static string Client(RandomStream random, FaultPlanOptions options) => options.Clients[random.NextInt32(options.Clients.Count)];

    private static DelayModel Delay(RandomStream random, FaultPlanOptions options)
    {
        var most = Length(random, options.MaxDelay);
        return random.NextInt32(4) switch
        {
            0 => DelayModel.Constant(most),
            1 => DelayModel.Uniform(Duration.Zero, most),
            2 => DelayModel.LogNormal(most / 10, 1, most),
            _ => DelayModel.HeavyTail(most / 100, 1.2, most),
        };
    }

    private static FaultScope Scope(RandomStream random, FaultPlanOptions options, int? legalQos = null)
    {
        var scope = new FaultScope(Qos: options.LegalOnly ? legalQos : null);
        switch (random.NextInt32(5))
        {
            case 0: return scope with { Publisher = Client(random, options) };
            case 1: return scope with { Receiver = Client(random, options) };
            case 2: return scope with { Publisher = Client(random, options), Receiver = Client(random, options) };
            case 3 when options.Topics.Count > 0: return scope with { Topic = options.Topics[random.NextInt32(options.Topics.Count)] };
            default: return scope;
        }
    }

    private static List<IReadOnlyList<string>> Groups(RandomStream random, FaultPlanOptions options)
    {
        List<string> one = [], other = [];
        foreach (string client in options.Clients) (random.NextInt32(2) == 0 ? one : other).Add(client);
        if (random.NextInt32(2) == 0 || options.LegalOnly) one.Add(FaultScope.Hub);
        return [one, other];
    }

    private static Fault OneWay(RandomStream random, FaultPlanOptions options, Stamp from, Stamp until)
    {
        string client = Client(random, options);
        return random.NextInt32(options.LegalOnly ? 2 : 3) switch
        {
            0 => Fault.OneWay(client, FaultScope.Hub, from, until),
            1 => Fault.OneWay(FaultScope.Hub, client, from, until),
            _ => Fault.OneWay(client, Client(random, options), from, until),
        };
    }
}
