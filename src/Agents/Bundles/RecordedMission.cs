using System.Collections.Immutable;

namespace EdgeAutonomy.Agents;

/// <summary>A mission that was carried out: which one, and the commands in order. Missions are deterministic, so this is all that a replay needs.</summary>
/// <param name="Set">The set's name (<see cref="IMissionSet.Name"/>).</param>
/// <param name="Number">Its number in the set.</param>
/// <param name="Commands">What was carried out.</param>
public sealed record RecordedMission(string Set, int Number, ImmutableArray<string> Commands);
