namespace EdgeAutonomy.Agents;

/// <summary>Estimates how a peer's clock stands from exchanges of four timestamps, with a bound that holds (RFC 5905 §8 for offset and round trip; intersection of intervals after Marzullo 1984).</summary>
/// <remarks>
/// <para>Each exchange says: the offset lies within half the round trip of ((t1 − t0) + (t2 − t3)) / 2, whatever the delays of the two ways were; with age the interval widens by the greatest rate between the clocks. The truth lies in the
/// intersection of the last 64 intervals. Of those exchanges the 8 with the shortest round trips, none above twice the shortest, give a line; the estimate is that line, held inside the intersection.</para>
/// <para>An intersection that is empty means that a clock was set: older exchanges are dropped and <see cref="Steps"/> counts it. Single-threaded, deterministic, 0 bytes per call.</para>
/// </remarks>
public sealed class ClockOffsetEstimator
{
    private const int Window = 64, Best = 8;
    private const double RateSpanSeconds = 60;

    private readonly Sample[] _samples = new Sample[Window], _best = new Sample[Best];
    private readonly double _rateError;
    private int _count, _next, _kept;

    /// <summary>Makes an estimator.</summary>
    /// <param name="rateError">The greatest difference of rates between the two clocks; each may be off by 0.001, so 0.002 by default.</param>
    public ClockOffsetEstimator(double rateError = 2e-3)
    {
        if (!(rateError is >= 0 and < 0.1)) throw new ArgumentOutOfRangeException(nameof(rateError), rateError, $"Clock offset: rate error is {rateError}; must be in [0, 0.1).");
        _rateError = rateError;
    }

    /// <summary>Gets how many exchanges were impossible (time ran backwards, or the answer took longer than the exchange) and were left out.</summary>
    public long Rejected { get; private set; }

    /// <summary>Gets how often a clock seems to have been set.</summary>
    public int Steps { get; private set; }

    /// <summary>Takes an exchange.</summary>
    /// <param name="sent">Our clock when we asked (t0).</param>
    /// <param name="received">The peer's clock when the question came (t1).</param>
    /// <param name="answered">The peer's clock when it answered (t2).</param>
    /// <param name="returned">Our clock when the answer came (t3).</param>
    /// <returns>Whether it was taken.</returns>
    public bool Add(Stamp sent, Stamp received, Stamp answered, Stamp returned)
    {
        // A century is plenty, and keeps hostile numbers from overflowing.
        const long Most = 100L * 365 * 86_400 * 1_000_000_000;
        bool wild = Math.Abs(received.Nanoseconds / 2) > Most || Math.Abs(answered.Nanoseconds / 2) > Most || returned < sent || answered < received;
        long roundTrip = wild ? -1 : (returned - sent).Nanoseconds - (answered - received).Nanoseconds;
        // The clocks differ in rate, so a long stay at the peer can make a short way negative by a little.
        double slack = wild ? 0 : (answered - received).Nanoseconds * _rateError;
        if (wild || roundTrip < -slack)
        {
            Rejected++;
            return false;
        }
        long a = received.Nanoseconds - sent.Nanoseconds, b = answered.Nanoseconds - returned.Nanoseconds;
        var middle = sent + (returned - sent) / 2;
        var sample = new Sample(middle, a / 2 + b / 2, (long)(Math.Max(0, roundTrip) / 2 + slack) + 2);
        if (_count > 0 && !Agrees(sample))
        {
            _count = _next = 0;
            Steps++;
        }
        _samples[_next] = sample;
        _next = (_next + 1) % Window;
        _count = Math.Min(_count + 1, Window);
        return true;
    }

    /// <summary>Returns the estimate for an instant of our clock.</summary>
    /// <param name="now">Now or a little earlier; a bound for the past is no tighter.</param>
    /// <param name="estimate">The estimate.</param>
    /// <returns>False before the first exchange.</returns>
    public bool TryEstimate(Stamp now, out ClockOffset estimate)
    {
        estimate = default;
        if (_count == 0) return false;
        Select();
        double low = double.NegativeInfinity, high = double.PositiveInfinity;
        var origin = _best[0];
        // Every exchange tells the truth within its interval, the long ones too; only the line is drawn through the short ones.
        for (int i = 0; i < _count; i++)
        {
            double reach = _samples[i].Half + _rateError * Math.Abs((double)(now - _samples[i].At).Nanoseconds), offset = _samples[i].Offset - origin.Offset;
            (low, high) = (Math.Max(low, offset - reach), Math.Min(high, offset + reach));
        }
        if (low > high) (low, high) = (-origin.Half, origin.Half);
        double rate = Fit(origin, out double mean, out Stamp at);
        double line = mean + rate * (now - at).Nanoseconds, held = Math.Clamp(line, low, high);
        long value = (long)Math.Round(held);
        estimate = new ClockOffset(new Duration(origin.Offset + value), new Duration((long)Math.Ceiling(Math.Max(high - held, held - low)) + 1), rate);
        return true;
    }

    private bool Agrees(in Sample sample)
    {
        for (int i = 0; i < _count; i++)
        {
            double reach = sample.Half + _samples[i].Half + _rateError * Math.Abs((double)(sample.At - _samples[i].At).Nanoseconds);
            if (Math.Abs((double)(sample.Offset - _samples[i].Offset)) > reach) return false;
        }
        return true;
    }

    /// <summary>Keeps the shortest round trips, at most twice the shortest.</summary>
    private void Select()
    {
        _kept = 0;
        for (int i = 0; i < _count; i++)
        {
            int place = _kept;
            while (place > 0 && _samples[i].Half < _best[place - 1].Half) place--;
            if (place >= Best) continue;
            int last = Math.Min(_kept, Best - 1);
            for (int k = last; k > place; k--) _best[k] = _best[k - 1];
            _best[place] = _samples[i];
            _kept = last + 1;
        }
        while (_kept > 1 && _best[_kept - 1].Half > 2 * Math.Max(_best[0].Half, 1)) _kept--;
    }

    private double Fit(in Sample origin, out double mean, out Stamp at)
    {
        double sumX = 0, sumY = 0, least = 0, most = 0;
        for (int i = 0; i < _kept; i++)
        {
            double x = (_best[i].At - origin.At).Nanoseconds;
            (sumX, sumY, least, most) = (sumX + x, sumY + (_best[i].Offset - origin.Offset), Math.Min(least, x), Math.Max(most, x));
        }
        double meanX = sumX / _kept;
        mean = sumY / _kept;
        at = origin.At + new Duration((long)meanX);
        if (most - least < RateSpanSeconds * 1e9) return 0;
        double xx = 0, xy = 0;
        for (int i = 0; i < _kept; i++)
        {
            double x = (_best[i].At - origin.At).Nanoseconds - meanX;
            (xx, xy) = (xx + x * x, xy + x * (_best[i].Offset - origin.Offset - mean));
        }
        return Math.Clamp(xy / xx, -_rateError, _rateError);
    }

    private readonly record struct Sample(Stamp At, long Offset, long Half);
}
