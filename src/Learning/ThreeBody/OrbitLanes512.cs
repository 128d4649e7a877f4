using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Learning;

/// <summary>Eight systems in a register of 512 bits; computed in software, with the same bits, where the processor has none.</summary>
internal readonly struct OrbitLanes512(Vector512<double> value) : IOrbitLanes<OrbitLanes512>
{
    private readonly Vector512<double> _value = value;

    public static int Count => Vector512<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes512 Of(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes512 Load(ReadOnlySpan<double> source) => new(Vector512.Create(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(OrbitLanes512 value, Span<double> target) => value._value.CopyTo(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes512 Sqrt(OrbitLanes512 value) => new(Vector512.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes512 WhereAtMost(OrbitLanes512 a, OrbitLanes512 b, OrbitLanes512 yes, OrbitLanes512 no) =>
        new(Vector512.ConditionalSelect(Vector512.LessThanOrEqual(a._value, b._value), yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllAtMost(OrbitLanes512 a, OrbitLanes512 b) => Vector512.LessThanOrEqualAll(a._value, b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes512 operator +(OrbitLanes512 a, OrbitLanes512 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes512 operator -(OrbitLanes512 a, OrbitLanes512 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes512 operator *(OrbitLanes512 a, OrbitLanes512 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes512 operator /(OrbitLanes512 a, OrbitLanes512 b) => new(a._value / b._value);
}
