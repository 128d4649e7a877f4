using System.Globalization;
using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>How a fault reads in the report of a failing test.</summary>
internal static class FaultText
{
    public static string Of(Fault fault)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{fault.Kind} [{fault.From.Seconds:F3}, {fault.Until.Seconds:F3}] s");
        if (fault.Client is { } client) text.Append(' ').Append(client);
        var (publisher, receiver, topic, qos) = fault.Scope;
        if (publisher is not null || receiver is not null) text.Append(CultureInfo.InvariantCulture, $" {publisher ?? "*"}->{receiver ?? "*"}");
        if (topic is not null) text.Append(" on ").Append(topic);
        if (qos is { } quality) text.Append(CultureInfo.InvariantCulture, $" qos {quality}");
        switch (fault.Kind)
        {
            case FaultKind.Drop or FaultKind.Corrupt:
                text.Append(CultureInfo.InvariantCulture, $" p={fault.Probability:0.###}");
                break;
            case FaultKind.Duplicate:
                text.Append(CultureInfo.InvariantCulture, $" p={fault.Probability:0.###} x{fault.Copies} {fault.Delay.Shape} {fault.Delay.Low}..{fault.Delay.High}");
                break;
            case FaultKind.Delay or FaultKind.Reorder:
                text.Append(CultureInfo.InvariantCulture, $" {fault.Delay.Shape} {fault.Delay.Low}..{fault.Delay.High}{(fault.BreakOrder ? " breaking order" : "")}");
                break;
            case FaultKind.Partition:
                text.Append(' ').AppendJoin(" | ", fault.Groups.Select(g => string.Join(',', g)));
                break;
            case FaultKind.Disconnect:
                text.Append(' ').Append(fault.Mode);
                break;
            case FaultKind.HubCrash or FaultKind.StaleRetained:
                text.Append(CultureInfo.InvariantCulture, $" back to {fault.RollbackTo.Seconds:F3} s");
                break;
            case FaultKind.HubRestart:
                text.Append(fault.KeepState ? " keeping its state" : " forgetting all");
                break;
            case FaultKind.ClockJump:
                text.Append(CultureInfo.InvariantCulture, $" by {fault.Jump}{(fault.JumpsMonotonic ? " (monotonic too)" : "")}");
                break;
            case FaultKind.SlowConsumer:
                text.Append(CultureInfo.InvariantCulture, $" {fault.RatePerSecond:0.#}/s, queue {fault.QueueLimit}");
                break;
        }
        return text.ToString();
    }
}
