namespace EdgeAutonomy.Learning;

/// <summary>How well a motion kernel does on movies it has not seen; shares in [0, 1].</summary>
/// <param name="Event">Events whose own scores point to the right class.</param>
/// <param name="Window">Windows over the whole movie whose mean scores do.</param>
/// <param name="Tile">Windows over a tile of 16×16 pixels whose mean scores do.</param>
/// <param name="WindowDirection">Windows over the whole movie with the right direction, whatever the speed.</param>
/// <param name="Events">How many events were judged.</param>
/// <param name="Windows">How many windows were judged.</param>
/// <param name="Tiles">How many tile windows were judged.</param>
public readonly record struct MotionScore(double Event, double Window, double Tile, double WindowDirection, int Events, int Windows, int Tiles);
