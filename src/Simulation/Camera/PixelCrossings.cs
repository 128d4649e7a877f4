using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>Finds the events of single pixels inside a step and keeps them, packed, until the step is done.</summary>
/// <remarks>
/// An event is one word: microseconds since the start of the step (32 bits), pixel (30), label (1), polarity (1), so that a sort by the upper
/// half orders them in time. One thread; allocation-free.
/// </remarks>
internal sealed class PixelCrossings
{
    private readonly long[] _last;
    private readonly ulong[] _events;
    private readonly EventSort _sort;
    private readonly long _refractory;
    private readonly bool _hold, _keep;
    private StepInterval _step;
    private int _count;

    public PixelCrossings(int pixels, EventCameraOptions options)
    {
        _last = new long[pixels];
        Array.Fill(_last, long.MinValue / 2);
        Capacity = Math.Max(65536, 4 * pixels);
        _events = GC.AllocateUninitializedArray<ulong>(Capacity);
        _sort = new EventSort(Capacity);
        _refractory = options.RefractoryUs;
        _hold = options.Refractory == RefractoryMode.HoldReset && options.RefractoryUs > 0;
        _keep = options.Refractory == RefractoryMode.V2eKeep;
    }

    /// <summary>Gets the most events of one step.</summary>
    public int Capacity { get; }

    /// <summary>Gets how many events of the step found no room.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Gets how many events from scene and leak were made.</summary>
    public long SignalEvents { get; private set; }

    /// <summary>Gets how many events from shot noise and hot pixels were made.</summary>
    public long NoiseEvents { get; private set; }

    /// <summary>Gets the time of each pixel's last event in microseconds.</summary>
    public ReadOnlySpan<long> Last => _last;

    /// <summary>Starts a step.</summary>
    public void Begin(in StepInterval step)
    {
        _step = step;
        (_count, LeftOut) = (0, 0);
    }

    /// <summary>Returns the events of the step in the order of time, ties in the order in which they were found.</summary>
    public ReadOnlySpan<ulong> Sorted()
    {
        var events = _events.AsSpan(0, _count);
        _sort.Sort(events);
        return events;
    }

    /// <summary>Follows one pixel's straight line through the step: the notes' crossing loop, with the three refractory modes and noise.</summary>
    /// <param name="i">The pixel.</param>
    /// <param name="before">d at the start of the step; +∞ = blind since an event of an earlier step.</param>
    /// <param name="a">Change of the signal over the step.</param>
    /// <param name="on">ON threshold.</param>
    /// <param name="off">OFF threshold.</param>
    /// <param name="noise">The pixel's noise candidates, by time.</param>
    /// <param name="level">Intensity, for the rate of shot noise; unused without candidates.</param>
    /// <returns>d at the end of the step.</returns>
    public float Follow(int i, float before, float a, double on, double off, ReadOnlySpan<PixelNoise.Candidate> noise, float level)
    {
        double s = 0, d = before, slope = a;
        double perStep = _step.PerStep;
        long refractory = _refractory;
        bool hold = _hold;
        int next = 0;
        if (double.IsPositiveInfinity(d))
        {
            s = (_last[i] + refractory - _step.Start) * perStep;
            d = 0;
        }
        while (true)
        {
            if (s >= 1) return float.PositiveInfinity; // still blind at the end of the step
            double end = d + slope * (1 - s);
            int polarity = end >= on || d >= on ? 1 : end <= -off || d <= -off ? 0 : -1;
            double at = 2;
            if (polarity >= 0)
            {
                double level1 = polarity == 1 ? on : -off, missing = level1 - d;
                bool beyond = polarity == 1 ? missing <= 0 : missing >= 0;
                at = beyond ? s : Math.Min(1, s + missing / slope);
            }
            if (next < noise.Length && Fraction(noise[next].TimeUs, perStep) <= at)
            {
                ref readonly var candidate = ref noise[next++];
                double when = Fraction(candidate.TimeUs, perStep);
                if (when < s) continue; // blind at that moment
                if (!Accept(candidate, level) || candidate.TimeUs - _last[i] < refractory) continue;
                Emit(i, Math.Max(candidate.TimeUs, _step.NotBefore + 1), candidate.On ? 1 : 0, PixelLabel.Noise);
                (s, d) = (when, 0);
                if (hold) s = (candidate.TimeUs + refractory - _step.Start) * perStep;
                else if (s >= 1) break;
                continue;
            }
            if (polarity < 0)
            {
                d = end;
                break;
            }
            d = d + slope * (at - s);
            s = at;
            long time = Math.Clamp(_step.Start + (long)Math.Ceiling(s * _step.Length), _step.NotBefore + 1, _step.End);
            double moved = polarity == 1 ? on : -off;
            if (refractory == 0 || time - _last[i] >= refractory)
            {
                Emit(i, time, polarity, PixelLabel.Signal);
                d -= moved;
                if (hold)
                {
                    d = 0;
                    s = (time + refractory - _step.Start) * perStep;
                    continue;
                }
            }
            else if (_keep)
            {
                double free = (_last[i] + refractory - _step.Start) * perStep;
                if (free >= 1)
                {
                    d = d + slope * (1 - s);
                    break;
                }
                d = d + slope * (free - s);
                s = free;
                continue;
            }
            else
            {
                d -= moved;
            }
            if (s >= 1) break;
        }
        return (float)d;
    }

    private double Fraction(long timeUs, double perStep) => (timeUs - _step.Start) * perStep;

    // v2e: shot noise falls to a quarter from dark to full intensity.
    private static bool Accept(in PixelNoise.Candidate candidate, float level) => candidate.Hot || candidate.Chance < 1 - 0.75 * ((255.0 * level + 20) / 275);

    private void Emit(int i, long timeUs, int polarity, PixelLabel label)
    {
        _last[i] = timeUs;
        if (label == PixelLabel.Signal) SignalEvents++;
        else NoiseEvents++;
        if (_count == _events.Length)
        {
            LeftOut++;
            return;
        }
        _events[_count++] = ((ulong)(timeUs - _step.Start) << 32) | (uint)(i << 2) | ((uint)label << 1) | (uint)polarity;
    }

    public void Thaw(ref StateReader r)
    {
        SignalEvents = r.Read<long>();
        NoiseEvents = r.Read<long>();
        r.ReadSpan<long>(_last);
        (_count, LeftOut) = (0, 0);
    }

    public void Freeze(StateWriter w)
    {
        w.Write(SignalEvents);
        w.Write(NoiseEvents);
        w.WriteSpan<long>(_last);
    }
}
