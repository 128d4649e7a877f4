namespace EdgeAutonomy.Host;

/// <summary>Keys of the rover's perception.</summary>
public sealed class RoverPerceive : PerceiveSection;
