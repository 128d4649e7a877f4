namespace EdgeAutonomy.Host;

/// <summary>What every actuator can be told.</summary>
public abstract class ActSection : StageSection;
