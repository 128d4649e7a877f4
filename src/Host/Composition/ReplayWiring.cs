using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>A recorded loop that takes the place of its sensor and actuator.</summary>
/// <param name="Loop">What was recorded.</param>
/// <param name="Feed">Gives its records.</param>
/// <param name="Clock">Relives its tags.</param>
/// <param name="Scenario">The scenario it was recorded in; null when it was not simulated.</param>
internal sealed record ReplayWiring(LoopDescription Loop, ReplayFeed Feed, IClock Clock, Scenario? Scenario);
