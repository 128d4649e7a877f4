namespace EdgeAutonomy.Learning;

/// <summary>How well a motion kernel does on movies it has not seen; shares in [0, 1].</summary>
/// <param name="Event">Events whose own scores point to the right class.</param>
/// <param name="Window">Windows over the whole movie whose mean scores do.</param>
/// <param name="Tile">Windows over a tile of 16×16 pixels whose mean scores do.</param>
/// <param name="WindowDirection">Windows over the whole movie with the right direction, whatever the speed.</param>
/// <param name="Settled">Those windows over the whole movie in which the motion had lasted for the kernel's whole depth: no synapse saw another motion.</param>
/// <param name="Events">How many events were judged.</param>
/// <param name="Windows">How many windows were judged.</param>
/// <param name="Tiles">How many tile windows were judged.</param>
/// <param name="SettledWindows">How many windows were settled.</param>
public readonly record struct MotionScore(double Event, double Window, double Tile, double WindowDirection, double Settled, int Events, int Windows, int Tiles, int SettledWindows);
