namespace EdgeAutonomy.Host;

/// <summary>What the colour of a pixel in an event picture means.</summary>
internal enum EventPictureStyle
{
    /// <summary>Which polarity had the majority in the window, stronger where there were more events.</summary>
    Polarity,

    /// <summary>How long ago the pixel's last event was, in the colour of its polarity: a time surface with exponential decay.</summary>
    Surface,

    /// <summary>How many events there were, whatever their polarity, on a logarithmic scale.</summary>
    Count,
}
