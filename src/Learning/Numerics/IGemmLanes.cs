namespace EdgeAutonomy.Learning;

/// <summary>A register of numbers, with the four operations of a matrix product.</summary>
/// <typeparam name="TSelf">The implementing struct.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
internal unsafe interface IGemmLanes<TSelf, T> where TSelf : struct, IGemmLanes<TSelf, T> where T : unmanaged
{
    /// <summary>Gets how many numbers the register holds.</summary>
    static abstract int Count { get; }

    /// <summary>Reads a register.</summary>
    static abstract TSelf Load(T* source);

    /// <summary>Writes a register.</summary>
    static abstract void Store(TSelf value, T* target);

    /// <summary>Puts one number into every lane.</summary>
    static abstract TSelf Of(T value);

    /// <summary>Returns a·b + c, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);
}
