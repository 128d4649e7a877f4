namespace EdgeAutonomy.Sensors;

/// <summary>An edge on a trigger input of the camera.</summary>
/// <param name="TimeUs">Time in microseconds, on the time line of the events.</param>
/// <param name="Id">Which input.</param>
/// <param name="Value">1 = rising, 0 = falling.</param>
public readonly record struct ExternalTrigger(long TimeUs, byte Id, byte Value);
