namespace EdgeAutonomy.Agents;

/// <summary>What a fault must be like to be run.</summary>
internal static class FaultRules
{
    /// <summary>Throws where a fault makes no sense.</summary>
    public static void Check(Fault fault)
    {
        if (Wrong(fault) is { } wrong) throw new ArgumentException($"Fault '{fault}' {wrong}", nameof(fault));
        if (fault.Scope.Topic is { } topic) LinkFilter.Parse(topic);
    }

    private static string? Wrong(Fault fault)
    {
        if (fault.Until < fault.From) return "ends before it begins.";
        if (!(fault.Probability is >= 0 and <= 1)) return $"has probability {fault.Probability}; must be in [0, 1].";
        if (fault.Delay.Low < Duration.Zero) return $"has a delay of {fault.Delay.Low}; must not be negative.";
        return fault.Kind switch
        {
            FaultKind.Duplicate when fault.Copies is < 1 or > 16 => $"makes {fault.Copies} copies; must be 1 to 16.",
            FaultKind.Disconnect or FaultKind.TakeOver or FaultKind.ClockJump or FaultKind.SlowConsumer when fault.Client is null => "names no client.",
            FaultKind.SlowConsumer when !(fault.RatePerSecond > 0) || fault.QueueLimit < 1 =>
                $"has rate {fault.RatePerSecond} and queue {fault.QueueLimit}; both must be positive.",
            FaultKind.HubCrash or FaultKind.StaleRetained when fault.RollbackTo > fault.From => "goes back to a time after itself.",
            FaultKind.StaleRetained when fault.Scope.Topic is null => "names no topics.",
            FaultKind.OneWay when fault.Scope.Publisher is null || fault.Scope.Receiver is null => "must name both ends.",
            FaultKind.Partition when fault.Groups.Count == 0 => "has no groups.",
            _ => null,
        };
    }
}
