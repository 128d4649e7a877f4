using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Tests.Simulation;

/// <summary>Small synthetic scenes and runs for the event camera.</summary>
internal static class Scene
{
    /// <summary>Intensity whose LinLog signal is <paramref name="log"/> (Y = e^log > 20).</summary>
    public static float Intensity(double log) => (float)(DeterministicMath.Exp(log) / 255);

    public static float[] Flat(int pixels, float intensity)
    {
        var frame = new float[pixels];
        Array.Fill(frame, intensity);
        return frame;
    }

    /// <summary>A uniform log ramp from one level to another in equal steps; returns the events.</summary>
    public static Event[] Ramp(EventCameraOptions options, double from, double to, int steps, long lengthUs, int width = 5, int height = 3)
    {
        var camera = new EventCameraModel(width, height, options, 1);
        var events = new EventPacket(1 << 18);
        for (int k = 0; k <= steps; k++)
        {
            camera.Step(Flat(width * height, Intensity(from + (to - from) * k / steps)), lengthUs * k / steps, events);
        }
        return events.Events.ToArray();
    }

    /// <summary>Drifting band-limited texture with moving contrast: something in every pixel, both polarities, different rates.</summary>
    public static void Fill(Span<float> frame, int width, double phase)
    {
        for (int i = 0; i < frame.Length; i++)
        {
            int x = i % width, y = i / width;
            frame[i] = (float)(0.5 + 0.25 * DeterministicMath.Sin(0.3 * x + phase) + 0.2 * DeterministicMath.Sin(0.21 * y - 1.7 * phase));
        }
    }

    public static (Event[] Events, ulong Hash) Run(EventCameraModel camera, int frames, long stepUs, int first = 0)
    {
        var events = new EventPacket(1 << 20);
        var frame = new float[camera.Width * camera.Height];
        for (int k = first; k < first + frames; k++)
        {
            Fill(frame, camera.Width, 0.05 * k);
            camera.Step(frame, 1000 + k * stepUs, events);
        }
        var hasher = new StateHasher(0);
        camera.AddTo(ref hasher);
        events.AddTo(ref hasher);
        return (events.Events.ToArray(), hasher.Value);
    }
}
