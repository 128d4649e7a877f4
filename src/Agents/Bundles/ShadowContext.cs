namespace EdgeAutonomy.Agents;

/// <summary>A copy of one live decision for a policy in shadow.</summary>
public sealed class ShadowContext : IShadowContext
{
    /// <summary>Copies a decision.</summary>
    /// <param name="live">What the incumbent was asked with.</param>
    /// <param name="incumbent">What it decided; null after a safe stop.</param>
    public ShadowContext(AgentContext live, ActionCall? incumbent)
    {
        ArgumentNullException.ThrowIfNull(live);
        var view = new MissionView(live.View.Shape);
        view.Resize(live.View.Count);
        live.View.State.CopyTo(view.State, 0);
        live.View.Event.CopyTo(view.Event, 0);
        live.View.Candidates.CopyTo(view.Candidates);
        live.View.Executable.CopyTo(view.Executable);
        Context = live with { View = view, History = [.. live.History], Candidates = [.. live.Candidates] };
        Incumbent = incumbent;
    }

    /// <inheritdoc/>
    public AgentContext Context { get; }

    /// <inheritdoc/>
    public ActionCall? Incumbent { get; }
}
