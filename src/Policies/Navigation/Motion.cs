namespace EdgeAutonomy.Policies;

/// <summary>A motion that the local planner chose.</summary>
/// <param name="Linear">Metres per second.</param>
/// <param name="Angular">Radians per second.</param>
/// <param name="FreeMetre">Free way along it by the hard radius; +∞ = nothing within reach.</param>
/// <param name="ContactSecond">Time to contact with a moving object; +∞ = none.</param>
/// <param name="Value">How good it is.</param>
internal readonly record struct Motion(float Linear, float Angular, float FreeMetre, float ContactSecond, float Value);
