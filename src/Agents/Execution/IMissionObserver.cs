namespace EdgeAutonomy.Agents;

/// <summary>Watches missions step by step and may end one.</summary>
public interface IMissionObserver
{
    /// <summary>Called after a step.</summary>
    /// <param name="call">What was carried out.</param>
    /// <param name="step">What came of it.</param>
    /// <param name="state">Hash of the state after it, by <see cref="MissionFingerprint"/>.</param>
    /// <returns>Why the mission must end now, safely; null when it may go on.</returns>
    string? OnStep(ActionCall call, in MissionStep step, ulong state);

    /// <summary>Called when a mission is over.</summary>
    /// <param name="report">What it came to.</param>
    void OnEnd(MissionReport report);
}
