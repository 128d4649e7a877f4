namespace EdgeAutonomy.Learning;

/// <summary>What one sample holds at one step: channels on a map. In memory the channel runs fastest: [y, x, channel], as in the engine.</summary>
/// <param name="Channels">Channels, or plain units where the map is 1 × 1.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct MapSize(int Channels, int Height = 1, int Width = 1)
{
    /// <summary>Gets how many numbers that is.</summary>
    public int Count => Channels * Height * Width;

    /// <summary>Gets whether there is more than one place.</summary>
    public bool IsMap => Height * Width > 1;

    /// <summary>Returns "channels x height x width".</summary>
    public override string ToString() => $"{Channels} x {Height} x {Width}";
}
