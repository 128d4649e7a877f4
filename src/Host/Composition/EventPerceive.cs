namespace EdgeAutonomy.Host;

/// <summary>Keys of perception from events alone.</summary>
public sealed class EventPerceive : PerceiveSection;
