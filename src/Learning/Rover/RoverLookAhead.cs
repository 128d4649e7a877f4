using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>An oracle for periods: tries every allowed one in copies of the world and takes the best. A bound, not a method.</summary>
/// <remarks>
/// One step of policy iteration by rollouts (Bertsekas): after the period tried, the rules go on with the longest allowed one up to a usual one. The copies have the world's own future, so the oracle knows what no sensor
/// tells: how people will walk, and by which noise the way-finding will be led astray. What it wins is therefore an upper bound that is mostly luck foreseen, and says nothing about what can be learned.
/// </remarks>
internal static class RoverLookAhead
{
    private const int HorizonMs = 5000;

    /// <summary>Plays episodes.</summary>
    /// <param name="task">What is played; motion by rules, no fixed rung.</param>
    /// <param name="usual">Grid index of the usual period.</param>
    /// <param name="decisionCost">What a look costs, in metres of progress.</param>
    /// <param name="firstSeed">The first episode's seed.</param>
    /// <param name="episodes">How many.</param>
    /// <param name="stop">Ends it.</param>
    public static RoverTrial Play(RoverTask task, int usual, double decisionCost, ulong firstSeed, int episodes, CancellationToken stop)
    {
        double gamma = new RoverEnvironment(task).Discount;
        var before = new ArrayBufferWriter<byte>();
        bool[] allowed = new bool[task.Grid.Count], later = new bool[task.Grid.Count];
        RoverEpisode? copy = null;
        ulong seed = ulong.MaxValue;
        return RoverTrial.Of(task, Choose, firstSeed, episodes, stop);

        int Choose(RoverEpisode episode)
        {
            if (episode.Seed != seed) (copy, seed) = (new RoverEpisode(task, episode.Seed), episode.Seed);
            if (episode.BeforeLook is null)
            {
                // The first look of an episode was taken before anyone asked to keep its state: from the next one on.
                episode.BeforeLook = before;
                episode.AllowedPeriods(allowed);
                return Usual(allowed, usual);
            }
            episode.AllowedPeriods(allowed);
            var (best, most) = (0, double.NegativeInfinity);
            for (int k = 0; k < allowed.Length; k++)
            {
                if (!allowed[k]) continue;
                double value = Value(copy!, before.WrittenSpan, k);
                if (value > most) (best, most) = (k, value);
            }
            return best;
        }

        double Value(RoverEpisode world, ReadOnlySpan<byte> state, int period)
        {
            int limit = task.LimitTicks;
            world.Thaw(state);
            world.Look(limit);
            double value = 0, factor = 1;
            for (int start = world.Ticks; ;)
            {
                int from = world.Ticks;
                world.BeginStep(gamma, RoverEnvironment.GoalReward, RoverEnvironment.CollisionReward);
                double change = world.Act(0, period, limit);
                world.Look(limit);
                value += factor * (world.Reward - RoverEnvironment.ChangeCost * change - decisionCost);
                factor *= DeterministicMath.Pow(gamma, world.Ticks - from);
                if (world.IsOver(limit) || world.Ticks - start >= HorizonMs) return value;
                world.AllowedPeriods(later);
                period = Usual(later, usual);
            }
        }
    }

    private static int Usual(bool[] allowed, int usual)
    {
        while (!allowed[usual]) usual--;
        return usual;
    }
}
