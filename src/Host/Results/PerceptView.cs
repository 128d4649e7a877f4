namespace EdgeAutonomy.Host;

/// <summary>One percept as a person or a script reads it.</summary>
/// <param name="TimeUs">End of the packet it was made from, in microseconds of the recording.</param>
/// <param name="Boxes">Boxes about fast things.</param>
/// <param name="Sectors">One estimate per sector, from the left edge of the image to the right.</param>
public sealed record PerceptView(long TimeUs, IReadOnlyList<PerceptView.Box> Boxes, IReadOnlyList<PerceptView.Sector> Sectors)
{
    /// <summary>A box of pixels, both corners inclusive.</summary>
    /// <param name="Left">Left column.</param>
    /// <param name="Top">Top row.</param>
    /// <param name="Right">Right column.</param>
    /// <param name="Bottom">Bottom row.</param>
    /// <param name="Pixels">Active pixels in it.</param>
    public sealed record Box(int Left, int Top, int Right, int Bottom, int Pixels);

    /// <summary>A sector's estimate.</summary>
    /// <param name="BearingDegrees">Bearing of its middle, counter-clockwise from the optical axis.</param>
    /// <param name="TimeToContactSeconds">Time to contact; null = not known or nothing approaches.</param>
    /// <param name="Confidence">How far it can be trusted, from 0 to 1.</param>
    /// <param name="EventsPerSecond">Events per second.</param>
    public sealed record Sector(double BearingDegrees, double? TimeToContactSeconds, double Confidence, double EventsPerSecond);
}
