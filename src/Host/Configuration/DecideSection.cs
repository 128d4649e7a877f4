namespace EdgeAutonomy.Host;

/// <summary>What every policy can be told.</summary>
public abstract class DecideSection : StageSection;
