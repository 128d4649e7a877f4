using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>How serious what a loop tells is.</summary>
internal static class LoopEventLevel
{
    /// <summary>Returns the level of an event.</summary>
    public static FoxgloveLogLevel Of(in LoopEvent e) => e.Kind switch
    {
        LoopEventKind.StageRecovered or LoopEventKind.BudgetMet => FoxgloveLogLevel.Info,
        LoopEventKind.RungChanged when e.To < e.From => FoxgloveLogLevel.Info,
        LoopEventKind.RungChanged when e.To == Rung.SafeStop => FoxgloveLogLevel.Error,
        _ => FoxgloveLogLevel.Warning,
    };
}
