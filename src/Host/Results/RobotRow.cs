namespace EdgeAutonomy.Host;

/// <summary>One robot in the live table and in the summary.</summary>
/// <param name="Robot">The robot's name.</param>
/// <param name="Rung">The health rung it is on.</param>
/// <param name="PeriodMs">The period of its loop: the present one in the live table, the mean in the summary.</param>
/// <param name="EventsPerSecond">Events its camera delivered per simulated second.</param>
/// <param name="LatencyUs">The time of a cycle's work.</param>
/// <param name="GoalsReached">Goals reached.</param>
/// <param name="Collisions">Times it touched something.</param>
/// <param name="Cycles">Cycles run.</param>
public sealed record RobotRow(string Robot, string Rung, double PeriodMs, double EventsPerSecond, LatencyUs LatencyUs, long GoalsReached, long Collisions, long Cycles);
