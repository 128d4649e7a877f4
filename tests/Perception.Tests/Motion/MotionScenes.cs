using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>Kernels and events for tests of motion.</summary>
internal static class MotionScenes
{
    /// <summary>A kernel of random synapses.</summary>
    public static MotionKernel RandomKernel(ulong seed, int synapses, MotionShape? shape = null)
    {
        shape ??= new MotionShape();
        var random = new RandomStream(seed);
        var places = new HashSet<(int, int)>();
        var list = new List<MotionSynapse>();
        while (list.Count < synapses)
        {
            int input = random.NextInt32(shape.Inputs), motion = random.NextInt32(shape.Classes);
            if (places.Add((input, motion))) list.Add(shape.Synapse(motion, input, (float)random.NextGaussian()));
        }
        var bias = new float[shape.Classes];
        for (int c = 0; c < bias.Length; c++) bias[c] = (float)(0.1 * random.NextGaussian());
        return new MotionKernel(shape, list, bias, 2);
    }

    /// <summary>Events at random, at most one per pixel, sign and step.</summary>
    public static List<Event> RandomEvents(ulong seed, int width, int height, int steps, int stepUs, int perStep)
    {
        var random = new RandomStream(seed);
        var events = new List<Event>();
        for (int s = 0; s < steps; s++)
        {
            var seen = new HashSet<(int, int, int)>();
            var times = new List<long>();
            for (int i = 0; i < perStep; i++) times.Add((long)s * stepUs + random.NextInt32(stepUs));
            times.Sort();
            foreach (long t in times)
            {
                (int x, int y, int p) = (random.NextInt32(width), random.NextInt32(height), random.NextInt32(2));
                if (seen.Add((x, y, p))) events.Add(new Event(t, (ushort)x, (ushort)y, (byte)p));
            }
        }
        return events;
    }

    /// <summary>Gives events to an estimator in packets of a length.</summary>
    public static void Play(MotionEstimator estimator, List<Event> events, long endUs, long packetUs)
    {
        var packet = new EventPacket(Math.Max(1, events.Count));
        int next = 0;
        for (long start = 0; start < endUs; start += packetUs)
        {
            long end = Math.Min(start + packetUs, endUs);
            packet.Reset(start, end);
            for (; next < events.Count && events[next].TimeUs < end; next++) packet.Append(events[next]);
            estimator.Update(packet, Duration.Zero);
        }
    }

    /// <summary>Blobs that move: an event whenever the front (ON) or the back (OFF) of one enters a pixel.</summary>
    /// <remarks>Discs of random place and size on a plane moving as a whole; inside or outside is asked at the middle of each pixel.</remarks>
    public static List<Event> MovingDiscs(ulong seed, int size, double direction, double pixelsPerSecond, long endUs)
    {
        const int Us = 500, Period = 96;
        var random = new RandomStream(seed);
        var discs = new List<(double X, double Y, double R)>();
        for (int i = 0; i < 60; i++) discs.Add((Period * random.NextDouble(), Period * random.NextDouble(), random.NextDouble(2, 5)));
        var events = new List<Event>();
        bool[]? before = null;
        for (long t = 0; t < endUs; t += Us)
        {
            var now = new bool[size * size];
            double mx = pixelsPerSecond * t * 1e-6 * Math.Cos(direction), my = pixelsPerSecond * t * 1e-6 * Math.Sin(direction);
            for (int i = 0; i < now.Length; i++)
            {
                foreach (var d in discs)
                {
                    double dx = Math.IEEERemainder(i % size - d.X - mx, Period), dy = Math.IEEERemainder(i / size - d.Y - my, Period);
                    now[i] |= dx * dx + dy * dy < d.R * d.R;
                }
                if (before is not null && before[i] != now[i]) events.Add(new Event(t + random.NextInt32(Us), (ushort)(i % size), (ushort)(i / size), now[i] ? (byte)1 : (byte)0));
            }
            before = now;
        }
        return [.. events.OrderBy(e => e.TimeUs)];
    }
}
