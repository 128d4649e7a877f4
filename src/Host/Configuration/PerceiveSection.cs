namespace EdgeAutonomy.Host;

/// <summary>What every perceiver can be told.</summary>
public abstract class PerceiveSection : StageSection;
