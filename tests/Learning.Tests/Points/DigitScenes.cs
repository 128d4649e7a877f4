using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Learning.Tests;

/// <summary>Made-up recordings of ten classes: a bar of events whose place and slant are the class, and now and then a corner, so that scaling to the events' extent keeps the place.</summary>
internal static class DigitScenes
{
    public static (Event[] Events, int Class)[] Make(int count, ulong seed, int events = 300)
    {
        var random = new RandomStream(seed);
        var samples = new (Event[], int)[count];
        for (int i = 0; i < count; i++)
        {
            int label = i % 10;
            var scene = new Event[events];
            for (int k = 0; k < events; k++)
            {
                int along = random.NextInt32(20), x = 4 + label % 5 * 5 + (label < 5 ? 0 : along / 4) + random.NextInt32(2), y = 6 + along;
                if (k % 25 == 0) (x, y) = k % 50 == 0 ? (2, 2) : (32, 32);
                scene[k] = new Event((long)k * 310_000 / events, (ushort)x, (ushort)y, (byte)(k & 1));
            }
            samples[i] = (scene, label);
        }
        return samples;
    }
}
