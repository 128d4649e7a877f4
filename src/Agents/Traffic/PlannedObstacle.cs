namespace EdgeAutonomy.Agents;

/// <summary>A plan that others must respect, as it is known here.</summary>
/// <param name="Plan">The plan, on the time of the window that is being planned.</param>
/// <param name="Inflation">By how much its robot's disc is widened, metres: <see cref="PlannerOptions.Inflation"/>.</param>
public readonly record struct PlannedObstacle(PathPlan Plan, double Inflation);
