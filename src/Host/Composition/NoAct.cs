namespace EdgeAutonomy.Host;

/// <summary>Keys of an actuator that is not there.</summary>
public sealed class NoAct : ActSection;
