namespace EdgeAutonomy.Runtime.Tests;

/// <summary>Checks that code does not allocate on the thread that runs it.</summary>
internal static class Allocations
{
    /// <summary>Runs the action until it is warm, then 100 times under the allocation counter.</summary>
    public static void AssertNone(Action action)
    {
        for (int i = 0; i < 100; i++) action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) action();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
