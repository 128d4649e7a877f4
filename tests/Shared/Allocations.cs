namespace EdgeAutonomy.Tests;

/// <summary>Checks that code does not allocate on the thread that runs it.</summary>
internal static class Allocations
{
    /// <summary>Runs the action until it is warm, then 100 times under the allocation counter.</summary>
    public static void AssertNone(Action action)
    {
        for (int i = 0; i < 100; i++) action();
        Assert.Equal(0, Least(5, _ =>
        {
            for (int i = 0; i < 100; i++) action();
        }));
    }

    /// <summary>Runs several rounds and returns the bytes that the one with the fewest allocated.</summary>
    /// <remarks>
    /// The runtime itself may allocate on this thread when it compiles a method anew, more so on a busy machine, so that one round can be off;
    /// code that allocates shows in every round. So let each round be all that must not allocate.
    /// </remarks>
    /// <param name="rounds">The most rounds to run; the first that allocates nothing is the last.</param>
    /// <param name="round">One round, given its number from 0 on.</param>
    public static long Least(int rounds, Action<int> round)
    {
        long least = long.MaxValue;
        for (int r = 0; r < rounds && least > 0; r++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            round(r);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
