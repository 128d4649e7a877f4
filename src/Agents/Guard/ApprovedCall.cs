using System.Diagnostics.CodeAnalysis;

namespace EdgeAutonomy.Agents;

/// <summary>A command that passed every check of the guard; the only thing that an <see cref="IMissionBody"/> carries out.</summary>
/// <remarks>
/// The constructor is private and <see cref="Approve"/>, which runs all checks first, is the only place that calls it: code that would carry out an
/// unchecked command does not compile. An approval holds for one mission, one version of its world model and one use. Thread-safe.
/// </remarks>
public sealed class ApprovedCall
{
    private readonly IMission _mission;
    private readonly ActionCall _call;
    private readonly ulong _worldVersion;
    private int _used;

    private ApprovedCall(IMission mission, ActionCall call, ulong worldVersion)
    {
        _mission = mission;
        _call = call;
        _worldVersion = worldVersion;
    }

    /// <summary>Gets what was approved, to show or to record; to carry it out it must be taken.</summary>
    public ActionCall Call => _call;

    /// <summary>Gets the version of the world model that it was checked against.</summary>
    public ulong WorldVersion => _worldVersion;

    /// <summary>Gets whether it was used or withdrawn.</summary>
    public bool IsVoid => Volatile.Read(ref _used) != 0;

    /// <summary>Takes the command for carrying it out, once.</summary>
    /// <param name="mission">The mission that it will change.</param>
    /// <param name="call">The command.</param>
    /// <returns>False when the approval was used or withdrawn, belongs to another mission, or the world model has changed since.</returns>
    public bool TryTake(IMission mission, [NotNullWhen(true)] out ActionCall? call)
    {
        ArgumentNullException.ThrowIfNull(mission);
        call = null;
        if (!ReferenceEquals(mission, _mission) || mission.WorldVersion != _worldVersion || Interlocked.Exchange(ref _used, 1) != 0) return false;
        call = _call;
        return true;
    }

    /// <summary>Makes the approval void: it cannot be taken any more.</summary>
    public void Withdraw() => Interlocked.Exchange(ref _used, 1);

    internal static GuardVerdict Approve(GuardChain chain, ActionCall proposal, AgentContext asked, IMission mission)
    {
        var refusal = chain.Examine(proposal, asked, mission, out var call);
        return refusal ?? new GuardVerdict(GuardStage.None, GuardReason.None, "", new ApprovedCall(mission, call!, mission.WorldVersion));
    }
}
