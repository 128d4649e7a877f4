namespace EdgeAutonomy.Host;

/// <summary>What a service came to: the JSON object of <c>run --config</c>.</summary>
/// <param name="Robot">The robot's name.</param>
/// <param name="Stopped">Why it ended: signal, time, failure or stall.</param>
/// <param name="WallSeconds">How long it ran.</param>
/// <param name="Loops">One entry per loop.</param>
/// <param name="Recording">What was recorded; null when nothing was.</param>
/// <param name="Missions">One entry per mission; null without an agent.</param>
/// <param name="Fleet">How the robot stood in its fleet at the end; null without one.</param>
public sealed record ServiceResult(string Robot, string Stopped, double WallSeconds, IReadOnlyList<LoopResult> Loops, RecordingRow? Recording, IReadOnlyList<MissionRow>? Missions = null, FleetRobotRow? Fleet = null);
