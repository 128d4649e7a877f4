using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>What the live endpoint shows and steers: the running loops, as views and as statistics.</summary>
/// <remarks>Every member may be called from any thread, by several at once; a loop's inbox has one writer, so inputs go through <see cref="LoopInboxes"/>.</remarks>
public interface ILiveFeed
{
    /// <summary>Gets the newest view; null before the first.</summary>
    LiveView? Latest { get; }

    /// <summary>Gets the loops, for metrics and health. The list never changes.</summary>
    IReadOnlyList<IControlLoop> Loops { get; }

    /// <summary>Waits for a view other than the given one.</summary>
    /// <param name="seen">The view that the caller has; null = none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The newest view; those in between are left out.</returns>
    Task<LiveView> NextAsync(LiveView? seen, CancellationToken cancellation);

    /// <summary>Hands an input to a loop.</summary>
    /// <param name="loop">The loop's name.</param>
    /// <param name="input">The input; the feed sets <see cref="LoopInput.Arrived"/>.</param>
    /// <returns>False when there is no such loop or its inbox is full.</returns>
    bool Submit(string loop, LoopInput input);

    /// <summary>Returns the period cap that was last handed to a loop, in milliseconds; 0 = none.</summary>
    double PeriodCapMs(string loop);
}
