using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Learning;

/// <summary>Two systems in a register of 128 bits; computed in software, with the same bits, where the processor has none.</summary>
internal readonly struct OrbitLanes128(Vector128<double> value) : IOrbitLanes<OrbitLanes128>
{
    private readonly Vector128<double> _value = value;

    public static int Count => Vector128<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes128 Of(double value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes128 Load(ReadOnlySpan<double> source) => new(Vector128.Create(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(OrbitLanes128 value, Span<double> target) => value._value.CopyTo(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes128 Sqrt(OrbitLanes128 value) => new(Vector128.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes128 WhereAtMost(OrbitLanes128 a, OrbitLanes128 b, OrbitLanes128 yes, OrbitLanes128 no) =>
        new(Vector128.ConditionalSelect(Vector128.LessThanOrEqual(a._value, b._value), yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllAtMost(OrbitLanes128 a, OrbitLanes128 b) => Vector128.LessThanOrEqualAll(a._value, b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes128 operator +(OrbitLanes128 a, OrbitLanes128 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes128 operator -(OrbitLanes128 a, OrbitLanes128 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes128 operator *(OrbitLanes128 a, OrbitLanes128 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes128 operator /(OrbitLanes128 a, OrbitLanes128 b) => new(a._value / b._value);
}
