namespace EdgeAutonomy.Perception;

/// <summary>One thing that a network does in every step. The operations run in a fixed order, on one thread, without allocating.</summary>
internal abstract class Operation
{
    internal abstract void Run();

    /// <summary>Returns to the state before the first step.</summary>
    internal virtual void Reset()
    {
    }

    internal virtual void Freeze(ref StateWriter writer)
    {
    }

    internal virtual void Thaw(ref StateReader reader)
    {
    }

    internal virtual void AddTo(ref StateHasher hasher)
    {
    }
}
