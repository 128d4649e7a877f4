namespace EdgeAutonomy.Simulation;

/// <summary>The textures of a world, each made once: surfaces that look alike share one.</summary>
internal sealed class TextureSet(ulong seed)
{
    private readonly Dictionary<Surface, WallTexture> _made = [];

    public WallTexture Get(Surface surface)
    {
        if (_made.TryGetValue(surface, out var texture)) return texture;
        texture = new WallTexture(surface, seed);
        _made.Add(surface, texture);
        return texture;
    }
}
