namespace EdgeAutonomy.Host;

/// <summary>Keys of the go-to-goal policy.</summary>
public sealed class GoToGoalDecide : DecideSection;
