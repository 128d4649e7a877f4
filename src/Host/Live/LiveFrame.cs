using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>One view on its way to the clients: encoded once for all that watch the same loop.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class LiveFrame(long sequence, LiveView view, HealthReport health, PlaybackState? playback = null)
{
    private readonly byte[]?[] _texts = new byte[]?[view.Loops.Count + 1], _images = new byte[]?[view.Loops.Count];
    private readonly Lock _lock = new();

    /// <summary>Returns the state message, with the details of one loop.</summary>
    /// <param name="loop">The loop's index; −1 = no details.</param>
    public byte[] Text(int loop)
    {
        lock (_lock) return _texts[loop + 1] ??= LiveJson.State(sequence, view, health, loop, playback);
    }

    /// <summary>Returns the image message of a loop; null when it has no camera.</summary>
    public byte[]? Image(int loop)
    {
        if (loop < 0 || view.Loops[loop].Image is not { Width: > 0, Height: > 0 } image) return null;
        lock (_lock) return _images[loop] ??= LiveImage.Pack(loop, image);
    }

    /// <summary>Returns the index of a loop; the first when the name is not there, −1 when there is none at all.</summary>
    public int IndexOf(string? loop)
    {
        for (int i = 0; i < view.Loops.Count; i++)
        {
            if (view.Loops[i].Loop == loop) return i;
        }
        return view.Loops.Count > 0 ? 0 : -1;
    }
}
