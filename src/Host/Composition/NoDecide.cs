namespace EdgeAutonomy.Host;

/// <summary>Keys of a policy that only looks on.</summary>
public sealed class NoDecide : DecideSection;
